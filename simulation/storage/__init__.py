"""Files and folders: written whole or not at all, one owner at a time, refused where they are torn."""
