"""What is made from the declarations of a scenario: schema, table of parameters, template."""
