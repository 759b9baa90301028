"""What the files of a rulebook may say, for editors that check while one writes."""
