"""The store: nothing is lost, nothing is doubled, any change shows, and every day can be asked."""
