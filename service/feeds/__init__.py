"""What the register says by itself: the feed of events, standing questions, and webhooks."""
