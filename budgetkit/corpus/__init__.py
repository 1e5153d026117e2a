"""Many documents: files, processes, the store, the build."""
