"""What restricted subjects say is met nowhere by those who may not see them."""
