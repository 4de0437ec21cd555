"""Jobs as files: what a file of a job says, how it is written, and how folders of them are read."""
