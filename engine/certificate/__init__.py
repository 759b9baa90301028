"""What one needs to check a conclusion without the engine's word, and whether it still stands."""
