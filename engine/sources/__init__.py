"""Where do the lines come from?"""
