"""How long a sign-in lasts, warned of before it ends, and going on with the same page after it has."""
