"""What workers must bring before they work: agreements signed, qualifications, documents, screenings."""
