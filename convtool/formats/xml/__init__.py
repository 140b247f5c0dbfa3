"""DataContract XML: as DataContractSerializer writes and reads it."""
