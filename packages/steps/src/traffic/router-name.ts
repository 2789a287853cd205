/** Name of the router's Deployment, Secret and `app.kubernetes.io/name`. */
export const ROUTER_NAME = 'tekton-dag-router';
