"""The shop: a storefront for customers and an API for partners."""
