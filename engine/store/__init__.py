"""What has been received, refused and used, kept so that nothing is lost and any change shows."""
