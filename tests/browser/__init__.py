"""The page as people use it: in Chromium, from the real program behind its real proxy."""
