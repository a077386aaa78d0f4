-- An anchor covers heads of every organisation: the named exception to keys that
-- lead with one. Doctor reads the heads of each anchor to compute its digest.
CREATE INDEX anchor_heads_anchor ON anchor_heads (anchor);
