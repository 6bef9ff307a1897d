-- A merge changes most rows of a page at once, and each change that finds room on its page needs no new entry in the table's seven indexes:
-- half of each page is kept free for it. Rows of queues are small beside what they save.
ALTER TABLE telecom.package_queue SET (fillfactor = 45);
