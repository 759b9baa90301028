"""An independent reading of shared/clinical.md section 9: the oracle of the differential tests."""
