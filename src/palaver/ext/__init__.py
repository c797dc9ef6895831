"""The features of the server: one file each, or a folder for a large one."""
