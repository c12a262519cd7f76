"""What changes in a crisis. The only writers of its rows; the trail entry stands in the same transaction."""
