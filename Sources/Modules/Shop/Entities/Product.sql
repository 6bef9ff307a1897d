-- name: Product_Insert :exec
INSERT INTO shop.products (
  id, title, description, price, currency, stock, per_account_limit, on_sale, private, sort_order,
  created_at, updated_at)
VALUES (
  @id, @title, @description, @price, @currency, sqlc.narg(stock), sqlc.narg(per_account_limit),
  @on_sale, @private, @sort_order, @created_at, @created_at);

-- name: Product_InsertPackages :exec
INSERT INTO shop.product_packages (product_id, line, series, amount)
SELECT @product_id::uuid, unnest(@lines::integer[]), unnest(@series::uuid[]),
  unnest(@amounts::integer[]);

-- name: Product_DeletePackages :exec
DELETE FROM shop.product_packages WHERE product_id = @product_id;

-- name: Product_Update :execrows
-- Everything except the stock, which orders change in the meantime.
UPDATE shop.products
SET title = @title, description = @description, price = @price, currency = @currency,
  per_account_limit = sqlc.narg(per_account_limit), on_sale = @on_sale, private = @private,
  sort_order = @sort_order, updated_at = @updated_at
WHERE id = @id;

-- name: Product_SetStock :execrows
-- Null: unlimited.
UPDATE shop.products SET stock = sqlc.narg(stock)::integer, updated_at = @updated_at WHERE id = @id;

-- name: Product_AddToStock :execrows
-- No row: the stock is unlimited, or fewer pieces are left than are to be taken.
UPDATE shop.products SET stock = stock + @pieces::integer, updated_at = @updated_at
WHERE id = @id AND stock::bigint + @pieces::integer BETWEEN 0 AND 2147483647;

-- name: Product_Find :one
-- row: Product
SELECT id, title, description, price, currency, stock, per_account_limit, on_sale, private,
  sort_order, created_at
FROM shop.products WHERE id = @id;

-- name: Product_Lock :one
-- row: Product
-- Finds a product and locks its row, so that its stock and limits hold while an order is made.
SELECT id, title, description, price, currency, stock, per_account_limit, on_sale, private,
  sort_order, created_at
FROM shop.products WHERE id = @id FOR UPDATE;

-- name: Product_List :many
-- row: Product
-- In the shop's order; with only_listed those that customers see.
SELECT id, title, description, price, currency, stock, per_account_limit, on_sale, private,
  sort_order, created_at
FROM shop.products
WHERE (NOT @only_listed::boolean OR (on_sale AND NOT private))
  AND (sort_order, id) > (@after_sort_order::integer, @after_id::uuid)
ORDER BY sort_order, id
LIMIT @row_limit;

-- name: Product_ListPackages :many
SELECT product_id, series, amount FROM shop.product_packages
WHERE product_id = ANY(@product_ids::uuid[]) ORDER BY product_id, line;

-- name: Product_TakeFromStock :exec
UPDATE shop.products SET stock = stock - 1 WHERE id = @id AND stock IS NOT NULL;

-- name: Product_ReturnToStock :exec
UPDATE shop.products SET stock = stock + 1 WHERE id = @id AND stock IS NOT NULL;
