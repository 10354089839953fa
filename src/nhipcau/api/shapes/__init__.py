"""What goes in and out, a file for each subject: shapes with examples, and how rows become them."""
