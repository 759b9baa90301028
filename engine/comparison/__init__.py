"""What would another rulebook say, in its rules and of real patients?"""
