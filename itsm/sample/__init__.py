"""The sample workspace: a small provider and ninety days of its work, told through the operations everybody uses."""
