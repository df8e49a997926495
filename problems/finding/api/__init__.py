"""What is found among the incidents, over REST."""
