"""The command line's words for what core can do: options in, one function call, text or JSON out."""
