//! Which route of which area answers: one table for looking, one for working, made once at start
//! from the list of areas.

use almoner_core::fault::{Fault, Outcome};
use almoner_frame::{Area, Route};
use matchit::Router;

/// The table of routes.
pub(crate) struct Routes {
    get: Router<&'static Route>,
    post: Router<&'static Route>,
}

/// A route with the values of its path.
pub(crate) struct Found {
    pub route: &'static Route,
    pub params: Vec<(String, String)>,
}

impl Routes {
    /// The routes of all areas. Two that answer the same path are a fault.
    pub fn of(areas: &[&'static Area]) -> Outcome<Self> {
        let mut routes = Self { get: Router::new(), post: Router::new() };
        for area in areas {
            for route in area.routes {
                let table = match route {
                    Route::Show { .. } | Route::Fetch { .. } => &mut routes.get,
                    Route::Work { .. } | Route::Ask { .. } | Route::Tell { .. } => &mut routes.post,
                };
                table.insert(route.path(), route).map_err(|cause| {
                    Fault::broken(format!("the route {} of {}: {cause}", route.path(), area.name))
                })?;
            }
        }
        Ok(routes)
    }

    /// The route for a path.
    pub fn find(&self, post: bool, path: &str) -> Option<Found> {
        let table = if post { &self.post } else { &self.get };
        let found = table.at(path).ok()?;
        let params = found.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Found { route: found.value, params: params.collect() })
    }
}
