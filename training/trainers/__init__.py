"""The four trainers, alike: rows and a base model in, one artefact out."""
