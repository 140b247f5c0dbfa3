"""The contract model: what the schema files say, in one frozen tree that everything else derives from."""
