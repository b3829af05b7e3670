DROP TABLE ai_answers;
