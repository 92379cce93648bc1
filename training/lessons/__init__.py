"""What rows of clicks teach each trainer: pure functions over the data sets' rows."""
