"""What all pages share: style, templates, names, numbers, labels."""
