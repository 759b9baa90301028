"""Why something was not concluded: what stood against it, and what would bring it about?"""
