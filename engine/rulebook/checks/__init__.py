"""What in a rulebook that loads can hardly be meant: never true, never used, never reached?"""
