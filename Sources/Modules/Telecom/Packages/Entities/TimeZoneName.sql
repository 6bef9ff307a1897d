-- name: TimeZoneName_IsInDatabase :one
-- Whether this server knows a time zone.
-- always one
-- not null: known
SELECT telecom.knows_time_zone(@name::text)::boolean AS known;
