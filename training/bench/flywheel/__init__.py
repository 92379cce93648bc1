"""The flywheel: does feedback alone make retrieval and replies better, round after round, on real conversations?"""
