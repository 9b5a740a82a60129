alter type notification_kind add value 'webhook';
