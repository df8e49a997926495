"""What surrounds every page: navigation, appearance, error pages and the gallery of components."""
