"""What do many assessments come to together, and does a publication say the same?"""
