"""What each paragraph of a page is: headline, lead, body; kept beside the article; or no part of it."""
