DROP TABLE translation_sessions;
DROP TABLE terminology_glossary;
DROP TABLE translation_memory;
DROP TABLE sentence_alignments;
DROP TABLE translation_pairs;
