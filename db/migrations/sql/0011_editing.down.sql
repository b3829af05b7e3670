DROP TABLE document_comments;
DROP TABLE editing_locks;
DROP TABLE websocket_connections;
DROP TABLE document_changes;
DROP TABLE editing_sessions;
