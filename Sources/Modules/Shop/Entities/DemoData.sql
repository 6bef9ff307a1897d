-- name: DemoData_ListProducts :many
-- The products that deliver one of `series`.
SELECT p.id, p.price, p.currency, d.series FROM shop.products p
JOIN shop.product_packages d ON d.product_id = p.id
WHERE d.series = ANY(@series::uuid[])
ORDER BY p.id;

-- name: DemoData_FindOldestOrder :one
SELECT id FROM shop.orders WHERE account_id = @account_id AND status IN ('paid', 'delivered')
ORDER BY id LIMIT 1;

-- name: DemoData_InsertWallets :exec
-- Wallets that hold what is left of a deposit after an order was paid: twice its price, which is
-- what will have been deposited.
INSERT INTO shop.wallets (account_id, currency, available, frozen, created_at)
SELECT (@account_ids::uuid[])[n], p.currency, 2 * p.price, 0, (@created::timestamptz[])[n]
FROM generate_series(1, cardinality(@account_ids::uuid[])) AS n
JOIN shop.products p ON p.id = (@product_ids::uuid[])[n];

-- name: DemoData_InsertOrders :exec
INSERT INTO shop.orders (
  id, account_id, product_id, title, price, currency, status, created_at, pay_until, paid_at,
  delivered_at)
SELECT (@order_ids::uuid[])[n], (@account_ids::uuid[])[n], p.id, p.title, p.price, p.currency,
  'delivered', made.at, made.at + interval '30 minutes', made.at + interval '1 minute',
  made.at + interval '1 minute'
FROM generate_series(1, cardinality(@account_ids::uuid[])) AS n
JOIN shop.products p ON p.id = (@product_ids::uuid[])[n]
CROSS JOIN LATERAL (SELECT (@created::timestamptz[])[n] AS at) AS made;

-- name: DemoData_InsertOrderPackages :exec
INSERT INTO shop.order_packages (order_id, line, series, amount)
SELECT o.id, p.line, p.series, p.amount
FROM shop.orders o JOIN shop.product_packages p ON p.product_id = o.product_id
WHERE o.id = ANY(@order_ids::uuid[]);

-- name: DemoData_InsertWalletEntries :exec
-- What was deposited for each order, and what was paid for it.
INSERT INTO shop.wallet_entries (id, account_id, amount, currency, kind, reference, reason,
  created_at)
SELECT entry.id, o.account_id, entry.amount, o.currency, entry.kind, entry.reference, entry.reason,
  o.created_at
FROM generate_series(1, cardinality(@order_ids::uuid[])) AS n
JOIN shop.orders o ON o.id = (@order_ids::uuid[])[n]
CROSS JOIN LATERAL (VALUES
  ((@deposit_ids::uuid[])[n], 3 * o.price, 'deposit', (@deposit_ids::uuid[])[n], 'bank transfer'),
  ((@payment_ids::uuid[])[n], -o.price, 'order_payment', o.id, 'order ' || o.id)) AS entry (id,
    amount, kind, reference, reason);
