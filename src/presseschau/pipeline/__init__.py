"""From one article to its parts: what is asked, how it is asked again, and what is made of the answers."""
