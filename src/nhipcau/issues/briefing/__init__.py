"""What a brief says, from its draft and its changes to the page, the mail and the PDF. Pure: no row is read here.

`document` is what is signed, `comparison` what changed since the brief before, `view` its words, `pdf` its paper.
"""
