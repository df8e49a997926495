"""In whose words the pages speak: the terms that can be said otherwise, vocabularies, and who speaks which."""
