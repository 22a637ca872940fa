"""Pictures that people upload: read by their content, written anew, stored once by their hash."""
