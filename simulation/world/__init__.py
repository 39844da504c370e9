"""The world: who lives in it, who sells in it, and the model whose step reads like a day."""
