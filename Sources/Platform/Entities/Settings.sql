-- name: SettingsDocument_Find :one
SELECT version, document FROM platform.settings WHERE module = @module;

-- name: SettingsDocument_ListVersions :many
SELECT module, version FROM platform.settings;

-- name: SettingsDocument_Lock :one
-- Finds a module's settings and locks them, so that two changes can't both follow the same version.
SELECT version, document FROM platform.settings WHERE module = @module FOR UPDATE;

-- name: SettingsDocument_Upsert :execrows
-- One row: the change is based on `version` - 1. No row: another change was stored first.
INSERT INTO platform.settings (module, version, document, changed_at, changed_by)
VALUES (@module, @version, @document, @changed_at, sqlc.narg(changed_by))
ON CONFLICT (module) DO UPDATE
SET version = excluded.version, document = excluded.document, changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
WHERE platform.settings.version = excluded.version - 1;

-- name: SettingsDocument_AppendToHistory :exec
INSERT INTO platform.settings_history (module, version, document, changed_at, changed_by)
VALUES (@module, @version, @document, @changed_at, sqlc.narg(changed_by));

-- name: SettingsDocument_ListHistory :many
SELECT version, document, changed_at, changed_by
FROM platform.settings_history
WHERE module = @module AND version < @before_version
ORDER BY version DESC
LIMIT @row_limit;
