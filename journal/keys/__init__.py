"""The keys of personal data: a data key for each subject, wrapped by a master key, in compacted topics. Erasure destroys the key."""
