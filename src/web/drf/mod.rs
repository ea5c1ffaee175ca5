//! Django REST framework: routers, and what permission classes demand.
//!
//! Of what a router makes, its root view is listed, the twins with a format suffix are not: the same views answer.

mod actions;
mod authentication;
mod demands;
pub(super) mod permissions;
mod routers;
mod scenes;
mod tables;

pub(super) use routers::{Registries, fill, is_router, root_view};
