"""The MusicLab experiment run again."""
