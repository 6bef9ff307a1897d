-- name: CustomerOrder_Insert :exec
INSERT INTO shop.orders (
  id, account_id, product_id, subscription_id, title, price, currency, status, created_at,
  pay_until, holds_stock)
VALUES (
  @id, @account_id, @product_id, sqlc.narg(subscription_id), @title, @price, @currency, 'unpaid',
  @created_at, @pay_until, @holds_stock);

-- name: CustomerOrder_InsertPackages :exec
INSERT INTO shop.order_packages (order_id, line, series, amount)
SELECT @order_id::uuid, line, series, amount FROM shop.product_packages
WHERE product_id = @product_id;

-- name: CustomerOrder_ListPackages :many
SELECT series, amount FROM shop.order_packages WHERE order_id = @order_id ORDER BY line;

-- name: CustomerOrder_Find :one
-- row: CustomerOrder
SELECT id, account_id, product_id, subscription_id, title, price, currency, status, created_at,
  pay_until, paid_at, delivered_at, cancelled_at, cancel_reason
FROM shop.orders WHERE id = @id;

-- name: CustomerOrder_ListOfAccount :many
-- row: CustomerOrder
-- The newest first.
SELECT id, account_id, product_id, subscription_id, title, price, currency, status, created_at,
  pay_until, paid_at, delivered_at, cancelled_at, cancel_reason
FROM shop.orders
WHERE account_id = @account_id AND (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
ORDER BY id DESC
LIMIT @row_limit;

-- name: CustomerOrder_Search :many
-- row: CustomerOrder
-- Newest first. A parameter that is null matches everything.
SELECT id, account_id, product_id, subscription_id, title, price, currency, status, created_at,
  pay_until, paid_at, delivered_at, cancelled_at, cancel_reason
FROM shop.orders
WHERE (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
  AND (sqlc.narg(of_account)::uuid IS NULL OR account_id = sqlc.narg(of_account)::uuid)
  AND (sqlc.narg(of_product)::uuid IS NULL OR product_id = sqlc.narg(of_product)::uuid)
  AND (sqlc.narg(in_status)::text IS NULL OR status = sqlc.narg(in_status)::text)
  AND (sqlc.narg(from_time)::timestamptz IS NULL OR created_at >= sqlc.narg(from_time)::timestamptz)
  AND (sqlc.narg(until_time)::timestamptz IS NULL
    OR created_at < sqlc.narg(until_time)::timestamptz)
ORDER BY id DESC
LIMIT @row_limit;

-- name: CustomerOrder_LockUnpaidOfAccount :exec
-- Allows one order of an account to be created at a time, so that its limits hold.
SELECT pg_advisory_xact_lock(hashtextextended(@account_key::text, 0));

-- name: CustomerOrder_CountOfAccount :one
-- always one
SELECT count(*) FILTER (WHERE status = 'unpaid') AS unpaid,
  count(*) FILTER (WHERE product_id = @product_id AND status <> 'cancelled') AS of_product
FROM shop.orders WHERE account_id = @account_id;

-- name: CustomerOrder_CountAll :one
-- always one
SELECT count(*) AS total, count(*) FILTER (WHERE status = 'unpaid') AS unpaid
FROM shop.orders WHERE account_id = @account_id;

-- name: CustomerOrder_MarkPaid :one
-- The one transition to paid; no row when the order isn't waiting for payment.
-- context: transaction
UPDATE shop.orders SET status = 'paid', paid_at = @paid_at::timestamptz
WHERE id = @id AND account_id = @account_id AND status = 'unpaid'
  AND pay_until > @paid_at::timestamptz
RETURNING subscription_id, price, currency;

-- name: CustomerOrder_MarkDelivered :execrows
UPDATE shop.orders SET status = 'delivered', delivered_at = @delivered_at::timestamptz
WHERE id = @id AND status = 'paid';

-- name: CustomerOrder_MarkCancelled :one
-- The one transition to cancelled; no row when the order isn't waiting for payment.
-- context: transaction
UPDATE shop.orders SET status = 'cancelled', cancelled_at = @cancelled_at::timestamptz,
  cancel_reason = @cancel_reason::text
WHERE id = @id AND status = 'unpaid'
RETURNING product_id, holds_stock;

-- name: CustomerOrder_CancelOverdue :one
-- Cancels a bounded number of orders whose time to pay is over and that nobody else holds, gives
-- back their stock, and counts them.
-- always one
-- context: transaction
WITH overdue AS (
  SELECT id FROM shop.orders WHERE status = 'unpaid' AND pay_until <= @now::timestamptz
  ORDER BY pay_until LIMIT @batch::integer FOR UPDATE SKIP LOCKED
), cancelled AS (
  UPDATE shop.orders o SET status = 'cancelled', cancelled_at = @now::timestamptz,
    cancel_reason = 'timeout'
  FROM overdue WHERE o.id = overdue.id
  RETURNING o.product_id, o.holds_stock
), returned AS (
  UPDATE shop.products p SET stock = p.stock + held.pieces
  FROM (
    SELECT product_id, count(*)::integer AS pieces FROM cancelled
    WHERE holds_stock GROUP BY product_id) held
  WHERE p.id = held.product_id AND p.stock IS NOT NULL
)
SELECT count(*) FROM cancelled;
