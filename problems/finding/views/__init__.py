"""Pages of what is found among the incidents."""
